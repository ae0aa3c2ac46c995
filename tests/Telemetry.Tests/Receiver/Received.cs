using Orchestrator.Observation;

namespace Orchestrator.Telemetry.Tests;

internal sealed record Span(
    string Trace, string Id, string Parent, string Name, int Kind, ulong Start, ulong End, Dictionary<string, object> Attributes,
    List<(string Trace, string Id)> Links,
    Dictionary<string, object> Resource);

internal sealed record Point(Dictionary<string, object> Attributes, double Value, ulong Count, double Sum, ulong[] Buckets, double[] Bounds);

internal sealed record Series(string Name, string Unit, string Kind, int Temporality, List<Point> Points, Dictionary<string, object> Resource);

internal sealed record Entry(
    string EventName, int Severity, string Body, string Trace, string Id, Dictionary<string, object> Attributes, Dictionary<string, object> Resource);

/// <summary>Decodes the three export requests of OTLP 1.x by field number.</summary>
internal static class Decoding
{
    public static IEnumerable<Span> Spans(byte[] request) =>
        from resourceSpans in new ProtoMessage(request).Messages(1)
        let resource = resourceSpans.Message(1)!.Attributes(1)
        from scope in resourceSpans.Messages(2)
        from s in scope.Messages(2)
        select new Span(
            s.Hex(1), s.Hex(2), s.Hex(4), s.Text(5), (int)s.Number(6), s.Number(7), s.Number(8), s.Attributes(9),
            [.. s.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))], resource);

    public static IEnumerable<Series> Metrics(byte[] request) =>
        from resourceMetrics in new ProtoMessage(request).Messages(1)
        let resource = resourceMetrics.Message(1)!.Attributes(1)
        from scope in resourceMetrics.Messages(2)
        from m in scope.Messages(2)
        select Metric(m, resource);

    public static IEnumerable<Entry> Logs(byte[] request) =>
        from resourceLogs in new ProtoMessage(request).Messages(1)
        let resource = resourceLogs.Message(1)!.Attributes(1)
        from scope in resourceLogs.Messages(2)
        from l in scope.Messages(2)
        select new Entry(l.Text(12), (int)l.Number(2), l.Message(5)?.Text(1) ?? "", l.Hex(9), l.Hex(10), l.Attributes(6), resource);

    // gauge 5, sum 7 (points 1, temporality 2, monotonic 3), histogram 9 (points 1, temporality 2).
    private static Series Metric(ProtoMessage metric, Dictionary<string, object> resource)
    {
        var (kind, body) = metric switch
        {
            _ when metric.Has(5) => ("gauge", metric.Message(5)!),
            _ when metric.Has(7) => (metric.Message(7)!.Number(3) == 1 ? "counter" : "updown", metric.Message(7)!),
            _ when metric.Has(9) => ("histogram", metric.Message(9)!),
            _ => throw new InvalidDataException("unknown kind of metric"),
        };
        var points = body.Messages(1).Select(p => kind == "histogram" ? Histogram(p) : Number(p)).ToList();
        return new Series(metric.Text(1), metric.Text(3), kind, (int)body.Number(2), points, resource);
    }

    private static Point Number(ProtoMessage p) => new(p.Attributes(7), p.Has(4) ? p.Double(4) : (long)p.Number(6), 0, 0, [], []);

    private static Point Histogram(ProtoMessage p) =>
        new(p.Attributes(9), 0, p.Number(4), p.Double(5), p.Fixed64s(6), [.. p.Fixed64s(7).Select(BitConverter.UInt64BitsToDouble)]);
}
