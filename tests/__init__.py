"""The tests: one folder per floor, whole lives in stories/, and the rules of the house in house/."""
