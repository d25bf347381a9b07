def test_x(world):
    print(world)
