using Orchestrator.Abstractions;

namespace Orchestrator.Launchers.Tests;

/// <summary>What stands in the scripts.</summary>
public sealed class ScriptTests
{
    private static readonly LaunchRequest Request = new("momentum", "/shared/my runs/launch", "/home/me", 8, "orchestrator sweep-task x");

    private static readonly SlurmOptions Full = new(
        "short", "physics", "normal", "1-12:30:00", "5G", 3, ["dotnet/10.0", "slurm"], new Dictionary<string, string> { ["DATA"] = "/a b" },
        LeadSeconds: 90, Arguments: ["--constraint=avx512"]);

    [Fact]
    public void Slurm_is_asked_for_what_the_profile_says()
    {
        string[] expected =
        [
            "#SBATCH --job-name=momentum", "#SBATCH --partition=short", "#SBATCH --account=physics", "#SBATCH --qos=normal", "#SBATCH --time=1-12:30:00",
            "#SBATCH --cpus-per-task=3", "#SBATCH --mem-per-cpu=1707M", "#SBATCH --signal=B:USR1@90", "#SBATCH --open-mode=append", "#SBATCH --requeue",
            "#SBATCH --constraint=avx512", "#SBATCH --array=0-7", "#SBATCH --output='/shared/my runs/launch/task-%a.log'",
            "cd /home/me || exit 1", "module load dotnet/10.0 slurm || exit 1", "export DATA='/a b'",
        ];
        Assert.Equal(expected, Lines(new Slurm(Full).Write(Request)[0]).Skip(1).Take(expected.Length));
    }

    [Fact]
    public void A_percent_sign_in_the_folder_is_no_number_of_a_task() => Assert.Contains(
        "#SBATCH --output='/shared/50%%a run/task-%a.log'", Lines(new Slurm(Full).Write(Request with { Folder = "/shared/50%a run" })[0]));

    [Fact]
    public void What_may_have_been_done_is_not_done_again_and_what_is_only_asked_is()
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-scheduler-").FullName;
        var calls = new SchedulerCalls(TimeProvider.System);
        string[] script = ["-c", $"echo . >> {folder}/$0; [ $(wc -l < {folder}/$0) -gt 1 ] && echo 7 || {{ echo 'Socket timed out on send/recv operation' >&2; exit 1; }}"];

        var refused = Assert.Throws<LaunchException>(() => calls.Once(TestContext.Current.CancellationToken, "sh", [.. script, "once"]));
        Assert.Contains("Whether the job was taken is not known", refused.Message, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Path.Combine(folder, "once")));
        Assert.Equal("7", calls.Ask(TestContext.Current.CancellationToken, "sh", [.. script, "ask"]).Trim());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_task_knows_when_its_time_is_over_and_takes_turns_in_calling_the_scheduler()
    {
        var lines = Lines(new Slurm(Full).Write(Request)[0]);
        Assert.Contains("export ORCHESTRATOR_UNTIL=$((${SLURM_JOB_END_TIME:-$(($(date +%s) + 131400))} - 90))", lines);
        Assert.Contains("    until [ -n \"$told\" ] || mkdir \"$calls/$(date +%s).$((RANDOM % 1))\" 2>/dev/null; do sleep 1; done", lines);
        Assert.Contains("    until [ -n \"$told\" ] || mkdir \"$calls/$(date +%s).$((RANDOM % 7))\" 2>/dev/null; do sleep 1; done", Lines(new Slurm(Full).Write(Request with { Tasks = 300 })[0]));
        Assert.Single(lines, line => line.Contains("scontrol", StringComparison.Ordinal));
    }

    [Fact]
    public void Mpirun_is_given_the_hosts_file_and_ends_nobody_for_anothers_end()
    {
        var hosts = Path.GetTempFileName();
        File.WriteAllText(hosts, "n1\nn2 slots=2 # fast\n\n# n3\n");
        var launcher = new Mpi(new MpiOptions(hosts, Arguments: ["--mca", "btl", "self"]));
        Assert.Equal((2, 0), (launcher.Terms.Tasks, launcher.Mistakes.Count));
        Assert.Contains(
            "mpirun -np 8 --oversubscribe --bind-to none --map-by node --mca orte_abort_on_non_zero_status 0 --enable-recovery "
            + $"--hostfile {hosts} --mca btl self bash '/shared/my runs/launch/task.sh' &",
            Lines(launcher.Write(Request)[0]));
        File.Delete(hosts);
        Assert.Equal("hosts", Assert.Single(launcher.Mistakes).Option);
    }

    [Fact]
    public void All_that_is_wrong_with_a_profile_is_said_at_once()
    {
        var variables = new Dictionary<string, string> { ["1A"] = "" };
        var launcher = new Slurm(new SlurmOptions(Time: "two hours", Memory: "lots", Modules: ["a b"], Environment: variables));
        Assert.Equal(["time", "memory", "environment", "modules"], launcher.Mistakes.Select(mistake => mistake.Option));
        Assert.Equal("leadSeconds", Assert.Single(new Slurm(new SlurmOptions(Time: "1", LeadSeconds: 60)).Mistakes).Option);
    }

    [Theory]
    [InlineData("90", 5400)]
    [InlineData("1:30", 90)]
    [InlineData("2:00:05", 7205)]
    [InlineData("1-6", 108_000)]
    [InlineData("1-6:30", 109_800)]
    [InlineData("1-0:0:1", 86_401)]
    [InlineData("0", null)]
    [InlineData("2h", null)]
    [InlineData("-1", null)]
    public void Times_are_read_as_slurm_writes_them(string text, int? seconds) => Assert.Equal(seconds, SlurmValues.Time(text)?.TotalSeconds);

    [Theory]
    [InlineData("512", 512L)]
    [InlineData("512M", 512L)]
    [InlineData("4g", 4096L)]
    [InlineData("1T", 1048576L)]
    [InlineData("1K", 1L)]
    [InlineData("4 GB", null)]
    public void Sizes_are_read_as_slurm_writes_them(string text, long? megabytes) => Assert.Equal(megabytes, SlurmValues.Megabytes(text));

    private static string[] Lines(LaunchFile file) => file.Text.Split('\n');
}
