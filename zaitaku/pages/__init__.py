"""Pages of the frame that belong to no single app: the manual, the own profile, the error pages."""
