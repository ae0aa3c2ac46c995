using Orchestrator.Abstractions;
using Orchestrator.Delays;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Delays;

public abstract class TraceContract : DelayContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-trace-").FullName;

    public override double ExpectedMeanMs => 2.5;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string FileOf(string text)
    {
        var path = Path.Combine(folder, "trace.csv");
        File.WriteAllText(path, text);
        return path;
    }
}

public sealed class TraceRecordedTests : TraceContract
{
    private static readonly DelayDraw First = new(0, 0, 1, 1, 0, Random.Shared);

    public override IDelay Create() => new Trace(new(FileOf("# ms\n1\n2\n3\n4\n")));

    [Fact]
    public void A_worker_column_gives_each_worker_its_own_list()
    {
        var trace = new Trace(new(FileOf("worker,milliseconds\n7,1.5\n3,10\n7,2.5\n")));
        Assert.Equal([10, 10, 1.5, 2.5, 1.5], new[] { Ms(trace, 0, 0), Ms(trace, 0, 1), Ms(trace, 1, 0), Ms(trace, 1, 1), Ms(trace, 1, 2) });
        Assert.Equal(10, Ms(trace, 2, 0));
    }

    [Fact]
    public void A_duration_may_be_as_long_as_any_that_is_drawn() => Assert.Equal(8.9e12, Ms(new Trace(new(FileOf("0,1\n0,8900000000000\n"))), 0, 1));

    [Fact]
    public void The_end_of_a_trace_can_be_an_error()
    {
        var trace = new Trace(new(FileOf("0,1\n0,2\n"), AtEnd: TraceEnd.Fail));
        Assert.Equal(2, Ms(trace, 0, 1));
        Assert.Contains("gradient 2", Assert.Throws<InvalidOperationException>(() => Ms(trace, 0, 2)).Message);
        Assert.Contains("worker 1", Assert.Throws<InvalidOperationException>(() => Ms(trace, 1, 0)).Message);
    }

    [Theory]
    [InlineData("1\ntwo\n", ":2:")]
    [InlineData("1\n-1\n", ":2:")]
    [InlineData("1\nNaN\n", ":2:")]
    [InlineData("1\n9e12\n", ":2:")]
    [InlineData("0,1\n2\n", ":2:")]
    [InlineData("0,1,2\n", ":1:")]
    [InlineData("x,1\n-1,1\n", ":1:")]
    [InlineData("worker,ms\n-1,1\n", ":2:")]
    [InlineData("ms\nms\n1\n", ":2:")]
    [InlineData("NaN\n5\n7\n", ":1:")]
    [InlineData("inf\n5\n7\n", ":1:")]
    [InlineData("-Infinity\n5\n7\n", ":1:")]
    [InlineData("12;5\n10;25\n", ":1:")]
    [InlineData("12,5\n10,25\n3,75\n", "is this a decimal comma?")]
    [InlineData("# nothing\n", "no durations")]
    public void A_wrong_line_is_named(string text, string expected)
    {
        var error = Assert.Throws<OptionException>(() => new Trace(new(FileOf(text))));
        Assert.Equal("file", error.Option);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Workers_with_gaps_are_taken_where_they_cannot_be_a_decimal_comma()
    {
        Assert.Equal(5, Ms(new Trace(new(FileOf("worker,milliseconds\n12,5\n"))), 0, 0));
        Assert.Equal(5.5, Ms(new Trace(new(FileOf("12,5.5\n"))), 0, 0));
        Assert.Equal(5, Ms(new Trace(new(FileOf("0,5\n1,7\n"))), 0, 0));
    }

    [Fact]
    public void A_line_without_an_end_is_refused_before_it_takes_memory()
    {
        var path = FileOf("");
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(1L << 40); // sparse: takes no room
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(":1: the line is longer", Assert.Throws<OptionException>(() => new Trace(new(path))).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_device_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: the device is Linux's");
        Assert.Contains("not a regular file", Assert.Throws<OptionException>(() => new Trace(new("/dev/zero"))).Message);
    }

    [Fact]
    public void A_missing_file_is_named()
        => Assert.Contains("no-such-trace.csv", Assert.Throws<OptionException>(() => new Trace(new("no-such-trace.csv"))).Message);

    private static double Ms(Trace trace, int worker, long gradient) => trace.Milliseconds(First with { Worker = worker, Gradient = gradient });
}

public sealed class TraceShiftedTests : TraceContract
{
    public override IDelay Create() => new Trace(new(FileOf("1\n2\n3\n4\n"), TraceOrder.Shifted));

    [Fact]
    public void A_worker_begins_at_a_line_of_its_own()
    {
        var draw = new DelayDraw(0, 0, 1, 1, 0.5, Random.Shared);
        Assert.Equal([3, 4, 1], new[] { 0, 1, 2 }.Select(gradient => Create().Milliseconds(draw with { Gradient = gradient })));
    }
}

public sealed class TraceRandomTests : TraceContract
{
    public override IDelay Create() => new Trace(new(FileOf("1\n2\n3\n4\n"), TraceOrder.Random));
}
