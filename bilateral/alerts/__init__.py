"""Alerts in words, and to the channels: the only part that sends.

Waiting ─ render ─→ Message ─ channel.send ─→ Outcome
"""

from bilateral.alerts.channels import deliver, open_channel
from bilateral.alerts.dispatch import dispatch
from bilateral.alerts.render import render

__all__ = ["deliver", "dispatch", "open_channel", "render"]
