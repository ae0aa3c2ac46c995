using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class FailedWriteTests : IDisposable
{
    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void Push_OverTheFileSizeLimit_NamesFileAndCause()
    {
        // The signal is ignored so that the write fails instead of ending the process; the runtime
        // maps its code through a large file unless told not to.
        using var child = Child.StartAfter("trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f 1000", "write", root.Path);
        CheckFailure(child);
    }

    [Fact]
    public void Push_OnAFullDisk_NamesFileAndCause()
    {
        Assert.SkipUnless(Mount("mount", "-t", "tmpfs", "-o", "size=400k", "none", root.Path), "skipped: a small file system cannot be mounted here");
        try
        {
            using var child = Child.Start("write", root.Path);
            CheckFailure(child);
        }
        finally
        {
            Mount("umount", root.Path);
        }
    }

    [Fact]
    public void Push_AfterTheFolderVanished_Fails()
    {
        var folder = Directory.CreateDirectory(root.File("run")).FullName;
        using var recorder = new Recorder(folder, Samples.Layout);
        recorder.Push(Samples.Push(0));
        recorder.Flush();
        Directory.Delete(folder, recursive: true);
        recorder.Push(Samples.Push(1));

        var error = Assert.Throws<RecorderException>(() => recorder.Flush());
        Assert.Equal(Path.Combine(folder, "updates.csv"), error.File);
        Assert.Contains("was removed", error.Message, StringComparison.Ordinal);
        Assert.Throws<RecorderException>(() => recorder.Push(Samples.Push(2)));
        Assert.Throws<RecorderException>(() => recorder.Evaluation(Samples.Evaluation(2)));
        Assert.Throws<RecorderException>(() => recorder.Event(new RunEvent(0, "overrun", -1, -1, "")));
        Assert.Throws<RecorderException>(() => recorder.Finish(new float[20]));
        Assert.NotNull(recorder.Failure);
    }

    [Fact]
    public void Push_WithARingThatIsFullWhenTheWriterFails_DoesNotHang()
    {
        var folder = Directory.CreateDirectory(root.File("run")).FullName;
        using var recorder = new Recorder(folder, Samples.Layout);
        recorder.Flush();
        Directory.Delete(folder, recursive: true);
        Assert.Throws<RecorderException>(() =>
        {
            for (var n = 0; n < 10_000_000; n++)
            {
                recorder.Push(Samples.Push(n));
            }
        });
    }

    [Fact]
    public void Recorder_InAFolderThatHasARecord_IsRefused()
    {
        new Recorder(root.Path, Samples.Layout).Dispose();
        var error = Assert.Throws<RecorderException>(() => new Recorder(root.Path, Samples.Layout));
        Assert.Equal(root.File("updates.csv"), error.File);
    }

    private void CheckFailure(Process child)
    {
        var output = child.StandardOutput.ReadToEnd().Split('\n');
        var errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == Child.WriteFailed, errors);
        Assert.Contains(Path.Combine(output[0], "updates.csv"), output[1], StringComparison.Ordinal);
        Assert.Contains("cannot be written", output[1], StringComparison.Ordinal);

        var run = Assert.Single(RunReader.List(root.Path).Runs);
        Assert.Equal((RunStatus.Failed, output[1]), (run.Status, run.Document!.Message));
        Assert.Empty(Directory.GetFiles(run.Folder, "*.tmp"));
        using var rows = RunRows.Updates(run.Folder);
        Assert.InRange(rows.ReadAll().Count(), 100, run.Document.Summary!.Updates);
        Assert.Null(rows.Problem);
    }

    private static bool Mount(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
