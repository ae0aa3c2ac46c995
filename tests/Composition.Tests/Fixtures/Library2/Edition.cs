namespace Fixture.Library;

public static class Edition
{
    /// <summary>A library may know the contracts too.</summary>
    public static int Number => typeof(Orchestrator.Abstractions.IDelay).IsInterface ? 2 : 0;
}
