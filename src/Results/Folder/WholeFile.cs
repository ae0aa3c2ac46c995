using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Results;

/// <summary>Writes a file so that any reader, at any moment and after any crash, sees either the whole old content or the whole new one.</summary>
internal static class WholeFile
{
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public static void Write(string path, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        string temporary = path + ".tmp";
        try
        {
            using (SafeFileHandle handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                long offset = 0;
                foreach (ReadOnlyMemory<byte> part in parts)
                {
                    RandomAccess.Write(handle, part.Span, offset);
                    offset += part.Length;
                }

                RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }
    }
}
