"""Each class of hole that servers of this kind had, tried on ours over a real socket."""
