using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The assemblies that plugins share with the host, and which versions of them a plugin may have been built against.</summary>
internal static class Contracts
{
    /// <summary>Simple names of the assemblies that are always the host's own.</summary>
    public static IReadOnlyList<string> Shared { get; } = [Name, "Orchestrator.Numerics"];

    public const string Name = "Orchestrator.Abstractions";

    private static readonly Version Host = typeof(OptionException).Assembly.GetName().Version!;

    /// <summary>An enum of the contracts by full name; null for any other type.</summary>
    public static Type? Enum(string fullName) => typeof(OptionException).Assembly.GetType(fullName) is { IsEnum: true } type ? type : null;

    /// <summary>Why a plugin built against this version of the contracts cannot run here; null when it can. Below 1.0 each minor version stands alone.</summary>
    public static string? Reject(Version built)
    {
        var same = built.Major == Host.Major && (Host.Major == 0 ? built.Minor == Host.Minor : built.Minor <= Host.Minor);
        if (same)
        {
            return null;
        }

        var advice = built > Host ? "use a newer Orchestrator or rebuild the plugin" : "rebuild the plugin";
        return $"built against {Name} {built.ToString(2)}; this program has {Host.ToString(2)}: {advice}";
    }
}
