using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// Real data sets, which the repository does not contain: in ORCHESTRATOR_DATA, or in shared/data
/// beside the repository.
/// </summary>
internal static class RealData
{
    /// <summary>The folder that has a dataset; skips the test when there is none.</summary>
    public static DataFolders With(string dataset, [CallerFilePath] string source = "")
    {
        var repository = Path.GetFullPath(Path.Combine(source, "..", "..", "..", ".."));
        string?[] roots = [Environment.GetEnvironmentVariable("ORCHESTRATOR_DATA"), Path.Combine(repository, "..", "shared", "data")];
        var root = Array.Find(roots, candidate => candidate is not null && Directory.Exists(Path.Combine(candidate, dataset)));
        Assert.SkipWhen(root is null, "skipped: data not found");
        return new DataFolders([root!]);
    }
}
