print("social")
