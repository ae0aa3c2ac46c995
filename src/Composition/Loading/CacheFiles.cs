using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// Small files that save work and can be deleted at any time. Each is believed only under its own
/// name and with its own checksum: one that is torn, changed, or put in another's place counts as
/// missing.
/// </summary>
/// <param name="folder">A folder that only this user can write to.</param>
internal sealed class CacheFiles(string folder)
{
    private const int Largest = 64 << 20;
    private const string Ending = ".cache";

    /// <summary>What was written under a name; null where nothing whole is there.</summary>
    public byte[]? Read(string name)
    {
        try
        {
            var file = PathOf(name);
            if (!File.Exists(file) || FolderFiles.Length(file) is < SHA256.HashSizeInBytes or > Largest)
            {
                return null;
            }

            var bytes = File.ReadAllBytes(file);
            var content = bytes.AsSpan(SHA256.HashSizeInBytes);
            return bytes.Length > SHA256.HashSizeInBytes && bytes.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(Checksum(name, content)) ? content.ToArray() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps something; where that fails it is only missing next time.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var fresh = Path.Combine(folder, $".{Guid.NewGuid():n}");
        try
        {
            using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Checksum(name, content));
                file.Write(content);
            }

            File.Move(fresh, PathOf(name), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            CopyAges.Try(() => File.Delete(fresh));
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name + Ending);

    private static byte[] Checksum(string name, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        hash.AppendData([0]);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }
}
