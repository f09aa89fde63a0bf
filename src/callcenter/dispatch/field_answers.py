NAME = "field_answers"
