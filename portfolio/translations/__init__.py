"""What was written once in one language, said in the others: the memory from which reports take their wording."""
