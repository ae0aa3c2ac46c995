using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Orchestrator.Telemetry;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4, named as OpenTelemetry's compatibility
/// specification says: dots become underscores, the unit is appended in words, counters end in
/// <c>_total</c>, the resource is the labels of <c>target_info</c>.
/// </summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder text = new();

    public void Resource(Resource resource)
    {
        Head("target_info", "gauge", "The resource that the metrics are of.");
        Sample("target_info", Labels(resource.Attributes.Select(a => (a.Key, Value: Convert.ToString(a.Value, CultureInfo.InvariantCulture)!))), "1");
    }

    public void Metric(Metric metric)
    {
        var type = metric.MetricType;
        var (kind, sum) = (type.IsHistogram() ? "histogram" : type.IsGauge() || IsUpDown(type) ? "gauge" : "counter", type.IsSum() && !IsUpDown(type));
        var name = PrometheusName.Of(metric.Name, metric.Unit, kind);
        Head(name, kind, metric.Description);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var tags = new List<(string, string)>();
            foreach (var tag in point.Tags)
            {
                tags.Add((tag.Key, Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? ""));
            }

            var labels = Labels(tags);
            if (kind == "histogram")
            {
                Histogram(name, labels, point);
                continue;
            }

            var value = (type.IsDouble(), sum || IsUpDown(type)) switch
            {
                (true, true) => Number(point.GetSumDouble()),
                (true, false) => Number(point.GetGaugeLastValueDouble()),
                (false, true) => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
                (false, false) => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
            };
            Sample(name, labels, value);
        }
    }

    public override string ToString() => text.ToString();

    private static bool IsUpDown(MetricType type) => type is MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic;

    private void Head(string name, string kind, string help)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
    }

    private void Histogram(string name, string labels, in MetricPoint point)
    {
        var below = 0L;
        var before = labels.Length == 0 ? "" : labels + ",";
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            Sample(name + "_bucket", $"{before}le=\"{Number(bucket.ExplicitBound)}\"", below.ToString(CultureInfo.InvariantCulture));
        }

        Sample(name + "_sum", labels, Number(point.GetHistogramSum()));
        Sample(name + "_count", labels, point.GetHistogramCount().ToString(CultureInfo.InvariantCulture));
    }

    private void Sample(string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(IEnumerable<(string Name, string Value)> tags) => string.Join(',', tags
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => $"{PrometheusName.Label(t.Name)}=\"{t.Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\""));

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
