using System.IO.Compression;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>A folder of a test's own, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("orchestrator-data-").FullName;

    public DataFolders Folders => new([path]);

    public string this[string name] => Path.Combine(path, name);

    public void Write(string name, params ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
    }

    public static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
