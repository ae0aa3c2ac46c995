namespace Fixture.Library;

public static class Edition
{
    public static int Number => 2;
}
