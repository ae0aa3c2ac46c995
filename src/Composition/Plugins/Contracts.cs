using System.Reflection;
using System.Reflection.Metadata;
using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.Composition;

/// <summary>
/// The assemblies that plugins share with the host, and which versions of them a plugin may have
/// been built against.
/// </summary>
internal static class Contracts
{
    public const string Name = "Orchestrator.Abstractions";

    private static readonly Dictionary<string, Assembly> Assemblies =
        new[] { typeof(OptionException), typeof(RandomStreams), typeof(Network) }.ToDictionary(type => type.Assembly.GetName().Name!, type => type.Assembly);

    private static readonly AssemblyName[] Hosts = [.. Assemblies.Values.Select(assembly => assembly.GetName())];

    /// <summary>Simple names of the assemblies that are always the host's own.</summary>
    public static IReadOnlyCollection<string> Shared => Assemblies.Keys;

    /// <summary>Which builds of them these are.</summary>
    public static IEnumerable<string> Modules => Assemblies.Values.Select(assembly => assembly.ManifestModule.ModuleVersionId.ToString());

    /// <summary>
    /// The metadata of a shared assembly, whose enums and records may stand in a plugin's options;
    /// null for any other.
    /// </summary>
    public static unsafe MetadataReader? Metadata(string assemblyName) =>
        Assemblies.TryGetValue(assemblyName, out var assembly) && assembly.TryGetRawMetadata(out var blob, out var length) ? new MetadataReader(blob, length) : null;

    /// <summary>
    /// Whether a file is a copy of one of them; a plugin's folder may have it, and nothing ever
    /// loads it.
    /// </summary>
    public static bool IsShared(string file) => Shared.Contains(Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase)
        && file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Why an assembly with these references cannot run here; null when it can. Below 1.0 each
    /// minor version stands alone. Every assembly of a folder is asked, before any is loaded: with
    /// a reference that the host cannot satisfy, the loader would look for a second copy of the
    /// contracts, whose types agree with nothing.
    /// </summary>
    public static string? Reject(IReadOnlyDictionary<string, Version> references)
    {
        foreach (var host in Hosts)
        {
            if (references.TryGetValue(host.Name!, out var built) && Reject(host.Name!, built, host.Version!) is { } cause)
            {
                return cause;
            }
        }

        return null;
    }

    private static string? Reject(string name, Version built, Version host)
    {
        var same = built.Major == host.Major && (host.Major == 0 ? built.Minor == host.Minor : built.Minor <= host.Minor);
        if (same)
        {
            return null;
        }

        var advice = built > host ? "use a newer Orchestrator or rebuild the plugin" : "rebuild the plugin";
        return $"built against {name} {built.ToString(2)}; this program has {host.ToString(2)}: {advice}";
    }
}
