"""The composition root: settings, addresses, servers, the page shell and the demo; nothing imports it."""
