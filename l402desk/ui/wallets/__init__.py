"""The wallets page: a card a wallet, and the dialog that adds one."""
