using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Takes what a run has done so far into an attempt of its own, from its newest whole checkpoint.
/// The run's own folder is only read, so it does no harm where its process is taken for dead and is
/// not.
/// </summary>
public static class RunFork
{
    private const int BufferLength = 1 << 16;

    /// <summary>
    /// Makes the new attempt, which then is a run that was interrupted at that checkpoint.
    /// </summary>
    /// <param name="run">As read.</param>
    /// <param name="output">The folder of all runs, where the new attempt is made.</param>
    /// <param name="problems">Takes what is wrong with checkpoints that are not whole, or with the
    /// record before them.</param>
    /// <returns>The new attempt; null where there is no checkpoint to go on from.</returns>
    /// <exception cref="RecorderException">The new attempt cannot be written.</exception>
    public static RunEntry? Make(RunEntry run, string output, ICollection<string> problems)
    {
        if (run.Document is not { } document || new CheckpointFolder(run.Folder).OpenNewest(problems) is not { } checkpoint)
        {
            return null;
        }

        using (checkpoint.State)
        {
            using var folder = RunFolder.Create(output, document.Name, document.Id);
            foreach (var (name, position) in checkpoint.Header.Position.ListFiles())
            {
                Copy(Path.Combine(run.Folder, name), Path.Combine(folder.FullPath, name), position.Length);
            }

            foreach (var name in (string[])[RunFolder.PipelineFileName, PartitionRows.FileName])
            {
                Copy(Path.Combine(run.Folder, name), Path.Combine(folder.FullPath, name), long.MaxValue);
            }

            if (File.Exists(Path.Combine(run.Folder, GroupRows.FileName)))
            {
                Copy(Path.Combine(run.Folder, GroupRows.FileName), Path.Combine(folder.FullPath, GroupRows.FileName), long.MaxValue);
            }

            foreach (var (_, snapshot) in SnapshotFiles.In(run.Folder).Where(snapshot => snapshot.Version <= checkpoint.Header.Version))
            {
                var copy = Path.Combine(folder.FullPath, Path.GetRelativePath(run.Folder, snapshot));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                Copy(snapshot, copy, long.MaxValue);
            }

            // Behind the state stands the checkpoint's own checksum.
            var length = checkpoint.State.Length - checkpoint.State.Position - SHA256.HashSizeInBytes;
            new CheckpointFolder(folder.FullPath).Write(checkpoint.Header, target => Copy(checkpoint.State, target, length));
            folder.Adopt(document);
            folder.Dispose();
            return RunReader.Read(folder.FullPath);
        }
    }

    private static void Copy(string from, string to, long length)
    {
        try
        {
            using var source = RegularFile.Open(from, bufferSize: 0);
            using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Copy(source, target, length);
        }
        catch (Exception failure) when (RecorderException.IsRefusal(failure))
        {
            throw new RecorderException(to, failure);
        }
    }

    private static void Copy(Stream source, Stream target, long length)
    {
        var buffer = new byte[BufferLength];
        for (int read; length > 0 && (read = source.Read(buffer, 0, (int)Math.Min(buffer.Length, length))) > 0; length -= read)
        {
            target.Write(buffer, 0, read);
        }
    }
}
