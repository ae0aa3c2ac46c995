using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// What a plugin's folder holds, by content: the contracts' own files left out, which nothing
/// loads.
/// </summary>
internal sealed class FolderContent
{
    private static readonly string Nothing = Convert.ToHexStringLower(SHA256.HashData([]));

    private readonly OrderedDictionary<string, string> hashes = [];

    private FolderContent() { }

    /// <summary>
    /// Hexadecimal SHA-256 of each file by its path in the folder, in the order of the paths.
    /// </summary>
    public IReadOnlyDictionary<string, string> Files => hashes;

    /// <summary>32 hexadecimal digits that stand for all files, their names included.</summary>
    public string Key => Of(hashes)[..32];

    /// <summary>Reads every file once.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FolderContent Read(string folder)
    {
        var content = new FolderContent();
        foreach (var file in FolderFiles.In(folder))
        {
            content.hashes.Add(file, OfFile(Path.Combine(folder, file)));
        }

        return content;
    }

    /// <summary>Hexadecimal SHA-256 over names and hashes.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, string>> files)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (file, hash) in files)
        {
            all.AppendData(Encoding.UTF8.GetBytes($"{file.Replace('\\', '/')}\n{hash}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    /// <summary>Hexadecimal SHA-256 of a file; what is no regular file counts as empty.</summary>
    public static string OfFile(string file)
    {
        if (FolderFiles.Length(file) == 0)
        {
            return Nothing;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
