"""Articles made of one sentence, as the proofs of the rules read them."""

from bilateral.detect.proofs import SIDE
from bilateral.detect.proofs import page as article

__all__ = ["SIDE", "article"]
