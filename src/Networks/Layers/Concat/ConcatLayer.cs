namespace Orchestrator.Networks;

/// <summary>Paths from one input; the result has the channels of all of them.</summary>
/// <param name="Input">The shape of what it takes.</param>
/// <param name="Branches">The layers of each path; none where it is the input itself.</param>
/// <param name="Output">The shape of what it gives.</param>
public sealed record ConcatLayer(Volume Input, IReadOnlyList<IReadOnlyList<Layer>> Branches, Volume Output) : Layer(Input, Output)
{
    /// <inheritdoc/>
    public override bool NeedsWholeBatch => Branches.Any(branch => branch.Any(layer => layer.NeedsWholeBatch));

    /// <summary>Branch by branch.</summary>
    /// <inheritdoc/>
    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in Branches.SelectMany(branch => branch))
        {
            layer.Initialize(random, parameters, buffers);
        }
    }

    internal static ConcatLayer Create(ConcatOptions options, Volume input, LayerScope scope)
    {
        if (options.Branches.Count < 2)
        {
            throw scope.Misfit("branches", $"concat needs at least two branches ({options.Branches.Count}).");
        }

        var inside = scope.Inside(scope.NextName("concat"));
        var branches = new List<IReadOnlyList<Layer>>();
        var (first, channels) = (default(Volume), 0);
        for (var i = 0; i < options.Branches.Count; i++)
        {
            var at = inside.Inside(inside.NextName("branch")).At($"{scope.Path}.branches[{i}]");
            branches.Add(LayerBuilder.BuildBranch(options.Branches[i], input, at));
            var output = branches[i].Count == 0 ? input : branches[i][^1].Output;
            first = i == 0 ? output : first;
            channels = checked(channels + output.Channels);
            if ((output.Height, output.Width) != (first.Height, first.Width))
            {
                throw at.Misfit("", $"concat joins the channels of {first} (branches[0]) and {output} (branches[{i}]); height and width must be equal.");
            }
        }

        return new ConcatLayer(input, branches, first with { Channels = channels });
    }
}
