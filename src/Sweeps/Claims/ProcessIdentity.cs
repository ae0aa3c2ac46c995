using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Sweeps;

/// <summary>
/// A process as others can know it. Whoever shares its machine, boot and process namespace can find
/// out that it is gone, without waiting for its heartbeat to stop.
/// </summary>
/// <param name="Machine">For people.</param>
/// <param name="Process">Its number.</param>
/// <param name="Place">Boot, and the namespaces of processes and of time; empty where the system
/// tells neither.</param>
/// <param name="Started">When it started, in the system's own ticks since the boot; so its number
/// cannot be another's that came later.</param>
/// <param name="Claimant">Random: no two processes have the same.</param>
internal sealed partial record ProcessIdentity(string Machine, int Process, string Place, long Started, string Claimant)
{
    private const int NoSuchProcess = 3;
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>Of this process, in the role of one claimant.</summary>
    public static ProcessIdentity Make() => new(
        Environment.MachineName, Environment.ProcessId, PlaceHere(), Fields(Environment.ProcessId)?.Started ?? 0, Guid.NewGuid().ToString("N"));

    /// <summary>Whether it has certainly ended; false where nobody here can know.</summary>
    public bool IsGone()
    {
        if (Place.Length == 0 || Place != PlaceHere())
        {
            return false;
        }

        // One that was killed and that nobody has waited for yet will do nothing any more. Where
        // the system hides processes of other users, it still says whether there is one.
        return Fields(Process) is { } fields ? fields.Started != Started || fields.State is 'Z' or 'X' : !Exists(Process);
    }

    private static string PlaceHere()
    {
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

            // A namespace of time shifts what the system says of when a process started; old
            // systems have none.
            var time = new FileInfo("/proc/self/ns/time").LinkTarget;
            return $"{boot} {new FileInfo("/proc/self/ns/pid").LinkTarget} {time}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool Exists(int process) => Signal(process, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    private static (char State, long Started)? Fields(int process)
    {
        try
        {
            // The name in brackets may hold anything, brackets too.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[StateField][0], long.Parse(fields[StartField], CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
