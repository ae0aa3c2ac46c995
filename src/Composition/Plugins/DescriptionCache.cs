using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// What reading metadata found, kept under everything that it follows from: the assembly files'
/// contents, this program's, and what the runtime offers. There is nothing to go stale, and
/// whatever is not whole is read anew.
/// </summary>
internal sealed class DescriptionCache(PluginCache cache)
{
    private const string Version = "descriptions 1";

    // The reader, the contracts it knows, and the assemblies that a plugin need not bring.
    private static readonly Lazy<string> Program = new(() => string.Join('\n',
    [
        Version,
        typeof(DescriptionCache).Module.ModuleVersionId.ToString(),
        .. Contracts.Modules,
        Environment.Version.ToString(),
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "",
    ]));

    /// <summary>The name under which descriptions are kept.</summary>
    /// <param name="kind">Of descriptions, a word.</param>
    /// <param name="contents">Names and hashes of what was read.</param>
    public static string NameOf(string kind, IReadOnlyList<AssemblyContent> contents)
    {
        var text = new StringBuilder(Program.Value);
        foreach (var content in contents)
        {
            text.Append('\n').Append(content.Name).Append('\n').Append(content.Hash);
        }

        return $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32]}";
    }

    /// <summary>What is kept; null where nothing whole is.</summary>
    public T? Read<T>(string name, Func<DescriptionReader, T> read) where T : class
    {
        try
        {
            return cache.Files.Read(name) is { } bytes ? read(new DescriptionReader(bytes)) : null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // No place for a cache, or another program's idea of descriptions: metadata tells the
            // same.
            return null;
        }
    }

    public void Write(string name, DescriptionWriter descriptions) => CopyAges.Try(() => cache.Files.Write(name, descriptions.ToArray()));
}
