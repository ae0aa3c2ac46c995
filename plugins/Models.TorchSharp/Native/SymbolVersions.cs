using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// Which version of libstdc++ a library was linked for, found before it is loaded: when the loader
/// refuses, TorchSharp blames a missing package, on standard output.
/// </summary>
internal static class SymbolVersions
{
    private static readonly byte[] Prefix = "GLIBCXX_3.4."u8.ToArray();

    /// <summary>
    /// The newest version that the library names and the system's libstdc++.so.6 lacks; null if it
    /// has all.
    /// </summary>
    public static string? Missing(string library)
    {
        var wanted = Newest(File.ReadAllBytes(library));
        return wanted is { } minor && !Has(minor) ? $"GLIBCXX_3.4.{minor}" : null;
    }

    /// <summary>The largest N of the names GLIBCXX_3.4.N in a file; null without any.</summary>
    internal static int? Newest(ReadOnlySpan<byte> file)
    {
        int? newest = null;
        for (var at = file.IndexOf(Prefix); at >= 0;)
        {
            file = file[(at + Prefix.Length)..];
            var digits = 0;
            while (digits < 4 && digits < file.Length && char.IsAsciiDigit((char)file[digits]))
            {
                digits++;
            }

            if (digits > 0)
            {
                newest = Math.Max(newest ?? 0, int.Parse(Encoding.ASCII.GetString(file[..digits]), System.Globalization.CultureInfo.InvariantCulture));
            }

            at = file.IndexOf(Prefix);
        }

        return newest;
    }

    // The loader's own choice among LD_LIBRARY_PATH and the system's folders, read back from the
    // process.
    private static bool Has(int minor)
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out _))
        {
            return false;
        }

        var loaded = File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : "")
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return loaded is null || Newest(File.ReadAllBytes(loaded)) is not { } newest || newest >= minor;
    }
}
