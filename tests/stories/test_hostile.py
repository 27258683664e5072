"""Hostile words in every field: nothing pings, nothing breaks, nothing is lost."""

from tests.office import Office, on_sqlite

pytestmark = on_sqlite

HOSTILE = "<!channel> <@U123> <https://evil.example|click> *_~`> & \u202etxet 🚀 ../../x "


async def test_hostile_words_in_every_field_and_row_come_back_and_ping_nobody(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Company Name": "<!channel> & <@U123>"})
    long = (HOSTILE * 60)[:2999] + "."
    playbook = office.baton.store.playbooks.current
    texts = {"text", "long_text", "lines"}
    for section in playbook.sections:
        fields = {f.label: long for f in section.fields if f.kind in texts and f.id not in ("company_name", "website")}
        if fields:
            await office.writes(office.ana, channel, section.label, **fields)
        for field in (field for field in section.fields if field.kind == "rows"):
            row = {column.label: long for column in field.columns if column.kind in texts}
            row |= {column.label: column.options[0] for column in field.columns if column.options}
            row |= {column.label: "2026-12-01" for column in field.columns if column.required and column.kind == "date"}
            await office.adds(office.ana, channel, section.label, f"Add {field.item}", **row)

    await office.ana.types("/handoff view", into=channel)
    seen = office.ana.modal.text()
    while "Next page" in office.ana.modal.buttons:
        await office.ana.modal.press("Next page")
        seen += office.ana.modal.text()
    assert seen.count("<!channel> <@U123>") > 20
    assert "\u202etxet" in seen
    await office.ana.types("/handoff history", into=channel)
    assert "<!channel>" in office.ana.modal.text()
    await office.ana.types("/handoff export", into=channel)
    await office.settles()
    assert "\\<!channel\\> \\<@U123\\>" in office.exported()

    said = [str(message.raw.blocks) + message.raw.text for message in office.ana.conversation(channel).messages]
    assert "<!channel>" not in "".join(said).replace("'text': '<!channel> & <@U123>'", "")
    assert not office.workspace.refused_answers


async def test_hostile_words_of_a_review_reach_the_ae_as_they_are(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.returns(office.ben, channel, "Industry", words=(HOSTILE * 60)[:3000].strip())
    assert HOSTILE.strip() in office.ana.dm().last.text
    assert "<!channel>" in office.lines(office.ana, channel)[-1]
    line = office.card(office.ana, channel).replies[-1].raw.text
    assert "<!channel>" not in line
    assert "&lt;!channel&gt;" in line
