using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Reports;

/// <summary>
/// What pages are made of beside their data: scripts and styles, from this assembly.
/// </summary>
internal static class Assets
{
    /// <summary>
    /// The charts' script as a page carries it: gzip, base64. Packed once a process; a third of its
    /// size, so that a page stays below 1 MB.
    /// </summary>
    public static string PackedCharts { get => field ??= Pack(Bytes("echarts.js")); }

    /// <summary>The hash of the charts' script as it runs, for the page's policy.</summary>
    public static string ChartsHash { get => field ??= Hash(Bytes("echarts.js")); }

    /// <summary>
    /// A text with the line ends that a browser sees, so that its hash is the browser's.
    /// </summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name)).ReplaceLineEndings("\n");

    /// <summary>A source of a content security policy: <c>'sha256-...'</c>.</summary>
    public static string Hash(ReadOnlySpan<byte> content) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(content))}'";

    private static byte[] Bytes(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }
}
