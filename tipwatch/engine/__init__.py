"""What runs the work: `base.Engine` is the seam; `local` does it in this process, `cluster` on many machines."""
