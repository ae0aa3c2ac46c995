namespace Orchestrator.Models.Tests;

internal static class Paths
{
    public static IEnumerable<KernelPath> Supported => Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported);

    public static TheoryData<string> Names => [.. Supported.Select(path => path.ToString())];
}
