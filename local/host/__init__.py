"""The Functions host on one machine: Microsoft's own Python worker library, driven by triggers of ours."""
