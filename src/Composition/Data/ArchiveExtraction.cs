using System.Formats.Tar;
using System.IO.Compression;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Data;

/// <summary>Takes the wanted members, and nothing else, out of a checked .tar.gz.</summary>
internal static class ArchiveExtraction
{
    public static async Task RunAsync(OfficialPlace place, CancellationToken cancellation)
    {
        var wanted = place.File.Members.ToDictionary(member => member.Path);
        await using var file = File.OpenRead(place.Path);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (wanted.Count > 0 && await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (wanted.Remove(name, out var member))
            {
                await ExtractAsync(entry, member, place, cancellation);
            }
        }

        if (wanted.Count > 0)
        {
            throw new DataException($"{place.Path}: it does not contain {string.Join(", ", wanted.Keys)}");
        }
    }

    private static async Task ExtractAsync(TarEntry entry, ArchiveMember member, OfficialPlace place, CancellationToken cancellation)
    {
        if (entry.DataStream is not { } data || entry.Length != member.Length)
        {
            throw new DataException($"{place.Path}: {member.Path} in it is no file of {member.Length:#,0} bytes");
        }

        var target = place.PathOf(member);
        RegularFile.ThrowIfOther(target + ".part");
        await using (var part = new FileStream(target + ".part", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await data.CopyToAsync(part, cancellation);
            part.Flush(flushToDisk: true);
        }

        File.Move(target + ".part", target, overwrite: true);
    }
}
