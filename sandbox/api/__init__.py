"""The Web API's methods; calls.answer() runs one."""
