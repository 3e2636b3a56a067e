namespace SafeTools;

/// <summary>One thing that a credential can do, or that a resource lacks.</summary>
/// <param name="Kind">A stable word in kebab case, such as <c>table-write</c>; policies and reports name it.</param>
/// <param name="Weight">Whether tools refuse because of it.</param>
/// <param name="Subject">What it is about, safe to show: names of the system, never values.</param>
/// <param name="Mend">What a human runs to mend it, whole; null where no statement can.</param>
public sealed record Finding(string Kind, FindingWeight Weight, string Subject, string? Mend);
