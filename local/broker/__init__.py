"""A Service Bus namespace on one machine: what azure-servicebus takes for Microsoft's emulator, without Docker.

Reads the emulator's `Config.json`. Holds everything in memory; sends, receives, settles, locks, sessions, schedules,
expiry and dead letters are as in Azure. Topics, deferral, duplicate detection, forwarding and transactions are refused.
"""
