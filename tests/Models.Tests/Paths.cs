namespace Orchestrator.Models.Tests;

internal static class Paths
{
    public static IEnumerable<VectorPath> Supported => Enum.GetValues<VectorPath>().Where(VectorPaths.IsSupported);

    public static TheoryData<string> Names => [.. Supported.Select(path => path.ToString())];
}
