namespace Orchestrator.Composition;

/// <summary>The assemblies that this program offers to every plugin beside the contracts.</summary>
internal static class Framework
{
    // The runtime's own list: the framework's assemblies, and those beside the program.
    private static readonly string[] Files =
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static readonly HashSet<string> Provided = Names(Files);

    private static readonly HashSet<string> Own = Names(Files.Where(f => !f.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)));

    /// <summary>Whether a plugin finds this assembly without bringing it: simple name.</summary>
    public static bool Provides(string assembly) => Provided.Contains(assembly);

    /// <summary>
    /// Whether it belongs to the framework: what lies beside the program does not count.
    /// </summary>
    public static bool Has(string assembly) => Own.Contains(assembly);

    private static HashSet<string> Names(IEnumerable<string> files) =>
        files.Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
