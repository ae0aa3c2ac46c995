using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Data;

/// <summary>A published file's place on disk.</summary>
internal sealed class OfficialPlace
{
    public OfficialPlace(OfficialFile file, string folder)
    {
        foreach (var name in file.Members.Select(member => NameOf(member)).Append(file.Name))
        {
            if (name is "" or "." or ".." || System.IO.Path.GetFileName(name) != name)
            {
                throw new DataException($"{file.Name}: {name} is not the name of a file");
            }
        }

        foreach (var address in file.Addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            {
                throw new DataException($"{file.Name}: {address} is not an HTTP or HTTPS address");
            }
        }

        (File, Folder, Path) = (file, folder, System.IO.Path.Combine(folder, file.Name));
    }

    public OfficialFile File { get; }

    public string Folder { get; }

    public string Path { get; }

    /// <summary>Where the file grows until it is complete and checked.</summary>
    public string PartPath => Path + ".part";

    /// <summary>
    /// Whether all members are out of their archive; false for a file that is none.
    /// </summary>
    public bool IsUnpacked => File.Members.Count > 0 && File.Members.All(member => HasLength(PathOf(member), member.Length));

    /// <summary>Whether what is wanted is there, by its length.</summary>
    public bool IsComplete => File.Members.Count > 0 ? IsUnpacked : HasLength(Path, File.Length);

    public string PathOf(ArchiveMember member) => System.IO.Path.Combine(Folder, NameOf(member));

    /// <summary>Nothing that somebody else put there is replaced.</summary>
    public void RefuseOthers()
    {
        foreach (var (path, length) in File.Members.Select(member => (PathOf(member), member.Length)).Append((Path, File.Length)))
        {
            if (System.IO.Path.Exists(path) && !HasLength(path, length))
            {
                throw new DataException($"{path}: it is not the official file of {length:#,0} bytes; move it away, then get the data again");
            }
        }
    }

    /// <summary>
    /// Whether the file is there; throws when its content is not the official one.
    /// </summary>
    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        if (!System.IO.File.Exists(Path))
        {
            return false;
        }

        return await IsOfficialAsync(Path, cancellation)
            ? true
            : throw new DataException($"{Path}: its SHA-256 is not that of the official file, {File.Sha256}; move it away, then get the data again");
    }

    public async Task<bool> IsOfficialAsync(string path, CancellationToken cancellation)
    {
        await using var stream = System.IO.File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(stream, cancellation)).Equals(File.Sha256, StringComparison.OrdinalIgnoreCase);
    }

    private static string NameOf(ArchiveMember member) => member.Path[(member.Path.LastIndexOf('/') + 1)..];

    private static bool HasLength(string path, long length) => new FileInfo(path) is { Exists: true } file && file.Length == length;
}
