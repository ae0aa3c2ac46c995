using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// What the files hold that a pipeline names, so that results are kept under contents and not under
/// names; each is read once.
/// </summary>
internal sealed class FileContents
{
    // Of a run's folder the record of its pushes is what others follow; the rest tells when and
    // where it ran.
    private const string Record = "updates.csv";

    private readonly Dictionary<string, string> hashes = [];

    /// <summary>The same value with contents in the place of the given names.</summary>
    public Node Instead(Node value, IReadOnlyList<TextNode> names) => names.Count == 0 ? value : value switch
    {
        TextNode text when names.Contains(text) => new TextNode(text.Origin, Hash(text.Value)),
        ObjectNode node => Members(node, names),
        ArrayNode list => new ArrayNode(list.Origin, [.. list.Elements.Select(element => Instead(element, names))]),
        _ => value,
    };

    private ObjectNode Members(ObjectNode node, IReadOnlyList<TextNode> names)
    {
        var copy = new ObjectNode(node.Origin);
        foreach (var (name, value) in node.Members)
        {
            copy[name] = Instead(value, names);
        }

        return copy;
    }

    /// <summary>Files by their names, each with the hash of what it held when it was read.</summary>
    public IReadOnlyDictionary<string, string> Of(IReadOnlyList<TextNode> names) => names.Select(name => name.Value).Distinct().ToDictionary(name => name, Hash);

    /// <summary>The hash of what a file, or a folder, holds now.</summary>
    // What cannot be read stands under its name; whoever needs it says what is wrong.
    public static string Now(string path)
    {
        try
        {
            return "sha256:" + (Directory.Exists(path) ? OfFolder(path) : OfFile(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return "sha256:unreadable:" + path;
        }
    }

    private string Hash(string path)
    {
        if (!hashes.TryGetValue(path, out var hash))
        {
            hashes.Add(path, hash = Now(path));
        }

        return hash;
    }

    private static string OfFolder(string folder)
    {
        var record = Path.Combine(folder, Record);
        if (File.Exists(record))
        {
            return OfFile(record);
        }

        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(folder).Order(StringComparer.Ordinal))
        {
            all.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, file).Replace('\\', '/')}\n{OfFile(file)}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    // Links to folders are not followed: they may lead back.
    private static FileSystemEnumerable<string> Files(string folder) =>
        new(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };

    private static string OfFile(string file)
    {
        using var stream = RegularFile.Open(file, bufferSize: 1 << 16);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
