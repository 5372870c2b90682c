"""What runs the work: `base.Engine` is the seam; `local` runs everything in this process."""
