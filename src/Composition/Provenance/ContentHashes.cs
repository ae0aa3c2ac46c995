using System.Text;

namespace Orchestrator.Composition;

/// <summary>What a plugin, or an assembly of the program, was when a run used it.</summary>
/// <param name="Files">Hexadecimal SHA-256 over its files as they are; debugging symbols,
/// documentation and what only says where to look are left out.</param>
/// <param name="Code">The same, but of assemblies only what they compute: equal for the compiler's
/// output and for what was compiled ahead from it.</param>
/// <param name="IsCompiledAhead">Whether an assembly among the files holds machine code
/// too.</param>
public sealed record ContentHashes(string Files, string Code, bool IsCompiledAhead)
{
    private const string CacheName = "code-";

    /// <summary>
    /// Whether results can be the same: the same files, or the same code where one side was
    /// compiled ahead.
    /// </summary>
    public bool IsSameAs(ContentHashes other) => Files == other.Files || (Code == other.Code && (IsCompiledAhead || other.IsCompiledAhead));

    /// <param name="folder">Where the files lie.</param>
    /// <param name="files">Hashes by path in the folder.</param>
    /// <param name="cache">Spares reading the assemblies' code again.</param>
    internal static ContentHashes Of(string folder, IEnumerable<KeyValuePair<string, string>> files, CacheFiles? cache)
    {
        var counted = files.Where(file => Counts(file.Key)).ToList();
        var all = FolderContent.Of(counted);
        if (cache?.Read(CacheName + all) is { } known && Parse(all, known) is { } hashes)
        {
            return hashes;
        }

        var isCompiledAhead = false;
        var code = FolderContent.Of([.. counted.Select(file => new KeyValuePair<string, string>(file.Key, CodeOf(Path.Combine(folder, file.Key), ref isCompiledAhead) ?? file.Value))]);
        cache?.Write(CacheName + all, Encoding.ASCII.GetBytes(code + (isCompiledAhead ? '+' : '-')));
        return new ContentHashes(all, code, isCompiledAhead);
    }

    private static ContentHashes? Parse(string files, byte[] known) =>
        known.Length == 65 ? new ContentHashes(files, Encoding.ASCII.GetString(known, 0, 64), known[64] == '+') : null;

    // What is never run, and what only tells the loader where libraries lie, which are counted
    // themselves.
    private static bool Counts(string file) =>
        !file.EndsWith(".pdb", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
        && !file.EndsWith(".deps.json", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".runtimeconfig.json", StringComparison.OrdinalIgnoreCase);

    private static string? CodeOf(string file, ref bool isCompiledAhead)
    {
        if (!file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var code = CodeHash.Of(AssemblyContent.Read(Path.GetDirectoryName(file)!, Path.GetFileName(file)).Bytes, out var ahead);
        isCompiledAhead |= ahead;
        return code;
    }
}
