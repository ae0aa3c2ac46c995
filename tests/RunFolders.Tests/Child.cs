using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

/// <summary>
/// This assembly as a process of its own, to be killed, starved of disk or run beside others.
/// </summary>
internal static class Child
{
    public const int WriteFailed = 3;

    /// <summary>Starts <c>child ARGUMENTS</c>; its output is read by the caller.</summary>
    public static Process Start(params string[] arguments) => Start(Environment.ProcessPath!, ["child", .. arguments]);

    /// <summary>The same below a shell that does something first.</summary>
    public static Process StartAfter(string shellCommand, params string[] arguments) =>
        Start("/bin/sh", ["-c", shellCommand + " && exec \"$0\" child \"$@\"", Environment.ProcessPath!, .. arguments]);

    public static int Run(string[] arguments) => arguments switch
    {
        ["write", string output] => Write(output),
        ["create", string output, string count] => Create(output, int.Parse(count)),
        _ => throw new ArgumentException(string.Join(' ', arguments)),
    };

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    // Records until it is killed or a write fails.
    private static int Write(string output)
    {
        using var folder = RunFolder.Create(output, "killed", "abc");
        folder.Start("{}", Samples.Description);
        using var recorder = new Recorder(folder.FullPath, Samples.Layout);
        Console.WriteLine(folder.FullPath);
        try
        {
            for (long n = 0; ; n++)
            {
                recorder.Push(Samples.Push(n));
                if (n % 100 == 0)
                {
                    recorder.Evaluation(Samples.Evaluation(n / 100));
                }
            }
        }
        catch (RecorderException e)
        {
            Console.WriteLine(e.Message);
            Assert.Equal(e.File, Assert.Throws<RecorderException>(() => recorder.Finish(new float[20])).File);
            folder.Finish(folder.Summarize(new RunOutcome { Status = RunStatus.Failed, Message = e.Message, WallSeconds = 1 }, recorder));
            return WriteFailed;
        }
    }

    private static int Create(string output, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var folder = RunFolder.Create(output, "raced", "abc");
            folder.Start("{}", Samples.Description);
            Console.WriteLine(folder.Attempt);
        }

        return 0;
    }
}
