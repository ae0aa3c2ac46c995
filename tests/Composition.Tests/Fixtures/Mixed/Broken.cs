using System.ComponentModel;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Fixtures;

[Plugin("no-kind")]
internal sealed class NoKind;

[Plugin("two-kinds")]
internal sealed class TwoKinds : IDelay, ISchedule
{
    public double Milliseconds(in DelayDraw draw) => 0;

    public double Factor(double epoch, int workers) => 1;
}

[Plugin("Not Kebab")]
internal sealed class NotKebab : IDelay
{
    public double Milliseconds(in DelayDraw draw) => 0;
}

[Plugin("two-constructors")]
internal sealed class TwoConstructors : IDelay
{
    public TwoConstructors() { }

    public TwoConstructors(PlainOptions options) => ArgumentNullException.ThrowIfNull(options);

    public double Milliseconds(in DelayDraw draw) => 0;
}

[Plugin("bare-number")]
internal sealed class BareNumber(double ms) : IDelay
{
    public double Milliseconds(in DelayDraw draw) => ms;
}

public sealed record DateOptions([Description("A date.")] DateTime When);

[Plugin("takes-a-date")]
internal sealed class TakesADate(DateOptions options) : IDelay
{
    public double Milliseconds(in DelayDraw draw) => options.When.Ticks;
}

public sealed record PlainOptions([Description("Whether it throws at once.")] bool AtOnce = true);

[Plugin("throws")]
internal sealed class Throws : IDelay
{
    private readonly PlainOptions options;

    public Throws(PlainOptions options)
    {
        this.options = options;
        if (options.AtOnce)
        {
            throw new InvalidOperationException("The fixture throws in its constructor.");
        }
    }

    public double Milliseconds(in DelayDraw draw) => throw new InvalidOperationException($"The fixture throws in use ({options.AtOnce}).");
}

[Plugin("throws-in-use")]
internal sealed class ThrowsInUse : IDataset
{
    public DatasetShape Describe(DataFolders folders) => throw new InvalidOperationException("The fixture throws in use.");

    public ILoadedDataset Load(DataFolders folders) => throw new InvalidOperationException("The fixture throws in use.");
}

[Plugin("refuses")]
internal sealed class Refuses : IDelay
{
    public Refuses(PlainOptions options) => throw new OptionException("atOnce", $"{options.AtOnce} contradicts itself");

    public double Milliseconds(in DelayDraw draw) => 0;
}

/// <summary>Calls into a native library that the tests place in the plugin's folder.</summary>
[Plugin("native")]
internal sealed class Native : IDelay
{
    public double Milliseconds(in DelayDraw draw) => ProcessId();

    [DllImport("fixture-native", EntryPoint = "SystemNative_GetPid")]
    private static extern int ProcessId();
}

/// <summary>Says what it does where results are expected, whole lines and half ones.</summary>
[Plugin("prints")]
internal sealed class Prints : IDelay
{
    private bool hasSpoken;

    public Prints() => Console.WriteLine("{ \"digest\": \"made\" }\r\nand \u001b[31mred");

    public double Milliseconds(in DelayDraw draw)
    {
        if (!hasSpoken)
        {
            hasSpoken = true;
            Console.Write("half a line");
            Console.Out.Flush();
        }

        return 1;
    }
}
