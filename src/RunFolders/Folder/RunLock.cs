using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Says that a run's process lives: an advisory lock (flock) on the folder's <c>lock</c> file,
/// which the system releases however the process ends.
/// </summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = "lock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SafeFileHandle handle;

    private RunLock(SafeFileHandle handle) => this.handle = handle;

    /// <summary>
    /// Makes the lock file and takes the lock; null where the file is there already, so that of
    /// many one gets it.
    /// </summary>
    public static RunLock? TryCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            // Shared: a reader who probes at this moment must not make the creation fail.
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }

        var taken = Take(path);
        RandomAccess.Write(taken.handle, Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}\n"), 0);
        return taken;
    }

    /// <summary>
    /// Takes the lock of an existing folder, also where its file is gone, as in a copy; null where
    /// a process holds it.
    /// </summary>
    public static RunLock? TryTake(string folder)
    {
        try
        {
            return IsHeld(folder) ? null : Take(Path.Combine(folder, FileName));
        }
        catch (IOException e) when (IsHeldBySomebody(e))
        {
            return null;
        }
    }

    /// <summary>Whether a process holds the lock of a run folder.</summary>
    public static bool IsHeld(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            // Only a file can be locked; opening a pipe in its place would wait.
            RegularFile.Open(path, bufferSize: 0).Dispose();
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (IsHeldBySomebody(e))
        {
            return true;
        }
    }

    public void Dispose() => handle.Dispose();

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeldBySomebody(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32;

    // A probe holds a shared lock for some microseconds: somebody else's is waited out.
    private static RunLock Take(string path)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new RunLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (IsHeldBySomebody(e) && Environment.TickCount64 < deadline)
            {
                Thread.Sleep(1);
            }
        }
    }
}
