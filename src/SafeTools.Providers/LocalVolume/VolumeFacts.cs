namespace SafeTools.Providers.LocalVolume;

/// <summary>What every preview of a folder says about it.</summary>
internal sealed record VolumeFacts(IReadOnlyList<Fact> Facts, TreeSurvey Survey, IReadOnlyList<RecoveryPoint> RecoveryPoints)
{
    private const string OtherPoints = "recovery points not listed";

    public static VolumeFacts Of(Scene scene, string name, OpenFolder folder)
    {
        var survey = scene.Survey(folder);
        var (inside, insideCount) = LocalVolume.RecoveryPoints.Inside(folder);
        var (points, others) = LocalVolume.RecoveryPoints.Of(scene, name, folder, survey);
        List<Fact> facts =
        [
            new("size", new FactValue.Bytes(survey.Bytes), FactSource.Provider),
            new("files", new FactValue.Count(survey.Files), FactSource.Provider),
            .. Newest(survey),
            OpenFiles.Of(folder, scene.Deadline, scene.CancellationToken),
            .. Names(scene, name),
            new("recovery points", new FactValue.Count(points.Count + others), FactSource.Provider),
        ];
        if (others > 0)
            facts.Add(new Fact(OtherPoints, new FactValue.Count(others), FactSource.Provider));
        if (insideCount > 0)
            facts.Add(new Fact("backups inside the volume", new FactValue.Text($"{insideCount}, lost with it"), FactSource.AgentWritable));
        if (survey.Cut is { } cut)
            facts.Add(new Fact("not all was looked at", new FactValue.Text(cut), FactSource.Provider));
        return new VolumeFacts(facts, survey, [.. points, .. inside]);
    }

    /// <summary>Which reference files name it.</summary>
    public static IEnumerable<Fact> Names(Scene scene, string name) =>
        scene.References.Configured ? [new Fact("named by", new FactValue.Names(scene.References.Naming(name)), FactSource.Provider)] : [];

    private static IEnumerable<Fact> Newest(TreeSurvey survey) =>
        survey.Newest is { } newest ? [new Fact("newest write", new FactValue.Instant(newest), FactSource.AgentWritable)] : [];
}
