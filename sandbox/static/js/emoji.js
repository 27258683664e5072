// Emoji by their Slack names.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 joy 😂 rofl 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊
innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 yum 😋 thinking_face 🤔 neutral_face 😐 expressionless 😑 smirk 😏
unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 zzz 💤 mask 😷 sunglasses 😎 nerd_face 🤓
confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 flushed 😳 cry 😢 sob 😭 scream 😱 sweat 😓 sweat_smile 😅 tired_face 😫
triumph 😤 rage 😡 angry 😠 skull 💀 robot_face 🤖 hugging_face 🤗 shushing_face 🤫 partying_face 🥳 exploding_head 🤯 wave 👋
raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍
-1 👎 thumbsdown 👎 fist ✊ clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 eyes 👀 eye 👁️
busts_in_silhouette 👥 bust_in_silhouette 👤 shrug 🤷 facepalm 🤦 technologist 🧑‍💻 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚
blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkling_heart 💖 100 💯 boom 💥 sparkles ✨ star ⭐ star2 🌟 fire 🔥 zap ⚡ tada 🎉
confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 dart 🎯 rocket 🚀
airplane ✈️ car 🚗 ship 🚢 anchor ⚓ construction 🚧 rotating_light 🚨 vertical_traffic_light 🚦 world_map 🗺️ earth_americas 🌎
earth_africa 🌍 sunny ☀️ cloud ☁️ umbrella ☔ snowflake ❄️ rainbow 🌈 ocean 🌊 seedling 🌱 herb 🌿 four_leaf_clover 🍀 evergreen_tree 🌲
coffee ☕ pizza 🍕 cake 🍰 beers 🍻 champagne 🍾 dog 🐶 cat 🐱 turtle 🐢 bee 🐝 unicorn_face 🦄 house 🏠 house_with_garden 🏡 palm_tree 🌴 bus 🚌 face_with_thermometer 🤒 baby_bottle 🍼 office 🏢 factory 🏭 bank 🏦
hammer 🔨 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 scissors ✂️ lock 🔒 unlock 🔓
key 🔑 mag 🔍 mag_right 🔎 bulb 💡 flashlight 🔦 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️
email ✉️ envelope ✉️ incoming_envelope 📨 envelope_with_arrow 📩 inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫 memo 📝 pencil 📝
pencil2 ✏️ page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 clipboard 📋 file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ books 📚
book 📖 bookmark 🔖 label 🏷️ newspaper 📰 calendar 📅 date 📅 spiral_calendar_pad 🗓️ bar_chart 📊 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 moneybag 💰 dollar 💵 euro 💶 credit_card 💳 briefcase 💼 phone ☎️ telephone_receiver 📞 iphone 📱 computer 💻
desktop_computer 🖥️ printer 🖨️ floppy_disk 💾 movie_camera 🎥 camera 📷 microphone 🎤 headphones 🎧 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚
alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock3 🕒 clock9 🕘 clock12 🕛 white_check_mark ✅ small_red_triangle 🔺 heavy_check_mark ✔️ ballot_box_with_check ☑️
x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗
grey_exclamation ❕ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 stop_sign 🛑 octagonal_sign 🛑 recycle ♻️ information_source ℹ️ new 🆕 soon 🔜
sos 🆘 ok 🆗 red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪
black_circle ⚫ large_orange_diamond 🔶 large_blue_diamond 🔷 small_orange_diamond 🔸 small_blue_diamond 🔹 red_square 🟥
large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛ white_medium_square ◻️
black_medium_square ◼️ radio_button 🔘 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️
arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 fast_forward ⏩ arrow_forward ▶️ rewind ⏪
double_vertical_bar ⏸️ black_square_for_stop ⏹️ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣
checkered_flag 🏁 triangular_flag_on_post 🚩 waving_white_flag 🏳️ waving_black_flag 🏴 shield 🛡️ crystal_ball 🔮 compass 🧭 jigsaw 🧩 puzzle_piece 🧩
test_tube 🧪 microscope 🔬 telescope 🔭 syringe 💉 bug 🐛 ladybug 🐞 baby 👶 crown 👑 mortar_board 🎓 scales ⚖️ balance_scale ⚖️ broom 🧹 wastebasket 🗑️
card_file_box 🗃️ file_cabinet 🗄️ ghost 👻 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 tools 🛠️ door 🚪 bricks 🧱 ladder 🪜 magnet 🧲`;

const BY_NAME = new Map();
const words = TABLE.trim().split(/\s+/);
for (let index = 0; index < words.length; index += 2) BY_NAME.set(words[index], words[index + 1]);

export const emojiNamed = (name) => BY_NAME.get(name.replace(/::skin-tone-\d$/, ""));

export const REACTIONS = ["+1", "white_check_mark", "eyes", "tada", "raised_hands", "heart", "handshake", "pray", "rocket", "thinking_face", "x"];

/** `:tada:` becomes the emoji; a name nobody knows stays as it was typed. */
export const withEmoji = (text) => text.replace(/:([a-z0-9+_'-]+(?:::skin-tone-\d)?):/g, (typed, name) => emojiNamed(name) ?? typed);
