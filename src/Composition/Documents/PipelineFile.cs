using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Reads a pipeline's bytes: from a regular file of reasonable size, without ever waiting for one,
/// or from what the shell hands over, standard input or a descriptor (<c>&lt;(...)</c>), to its
/// end.
/// </summary>
internal static partial class PipelineFile
{
    /// <summary>Largest pipeline, in bytes.</summary>
    public const int LargestBytes = 16 << 20;

    private const string OneObject = "a pipeline is a file with one JSON object";

    /// <summary>The bytes, or null with a mistake.</summary>
    public static byte[]? Read(string path, Origin askedAt, string askedPath, Mistakes mistakes)
    {
        try
        {
            // Only who calls the program hands something over: a file that names a descriptor as
            // its base would be given somebody else's.
            var bytes = askedPath.Length == 0 && Descriptor(path) is { } number ? ReadDescriptor(number) : ReadFile(path);
            if (bytes.Length is > 0 and <= LargestBytes)
            {
                return bytes;
            }

            mistakes.Add(askedAt, askedPath, bytes.Length == 0 ? $"{Mistakes.Quote(path)} is empty; {OneObject}" : $"{Mistakes.Quote(path)} goes on after {LargestBytes} bytes, and a pipeline has no more");
        }
        catch (FileNotFoundException)
        {
            mistakes.Add(askedAt, askedPath, $"there is no file {Mistakes.Quote(path)}{Neighbour(path)}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or ExternalException)
        {
            mistakes.Add(askedAt, askedPath, $"the file {Mistakes.Quote(path)} cannot be read: {failure.Message}; {OneObject}, or /dev/stdin");
        }

        return null;
    }

    /// <summary>
    /// What relative paths in a pipeline are relative to: its file's folder, or the current one
    /// where it was handed over.
    /// </summary>
    public static string FolderOf(string path) => Descriptor(path) is null ? Path.GetDirectoryName(path) ?? "" : "";

    /// <summary>
    /// The file's name without ending; null where it was handed over and has none.
    /// </summary>
    public static string? NameOf(string path) => Descriptor(path) is null ? Path.GetFileNameWithoutExtension(path) : null;

    private static byte[] ReadFile(string path) => RegularFile.ReadAllBytes(path, LargestBytes);

    // Up to one byte more than is allowed.
    private static byte[] ReadDescriptor(int number)
    {
        using var handle = new SafeFileHandle(number, ownsHandle: false);
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        var bytes = new byte[1 << 16];
        var length = 0;
        while (length <= LargestBytes)
        {
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(2 * length, LargestBytes + 1));
            }

            var read = file.Read(bytes, length, bytes.Length - length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return bytes[..length];
    }

    private static int? Descriptor(string path)
    {
        var match = OperatingSystem.IsWindows() ? Match.Empty : DescriptorPath().Match(path);
        return !match.Success ? null : match.Groups[1].Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    private static string Neighbour(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || !Directory.Exists(folder))
        {
            return "";
        }

        var names = Directory.EnumerateFiles(folder, "*.json", new EnumerationOptions()).Take(1000).Select(f => Path.GetFileName(f)!);
        return NearestMatch.Suffix(Path.GetFileName(path), names);
    }

    [GeneratedRegex("^(?:/dev/stdin|/(?:dev|proc/self)/fd/([0-9]{1,6}))$", RegexOptions.CultureInvariant)]
    private static partial Regex DescriptorPath();
}
