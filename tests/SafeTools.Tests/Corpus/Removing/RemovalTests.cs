using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;
using SafeTools.Corpus.Removing;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Corpus.Removing;

public sealed class RemovalTests
{
    [Fact]
    public void All_OfTheLayers_TakesEachAwayOnceAndAlone() =>
        Removal.All.Select(removal => Gone(removal.Left)).Should().BeEquivalentTo(typeof(Layers).GetProperties().Where(property => property.PropertyType == typeof(bool)).Select(property => property.Name));

    [Fact]
    public void Before_CredentialThatCanBeProved_KeepsTheProof() => Of("read only").Before(Credential.All[0]).Should().Be(Of("read only").Left);

    [Fact]
    public void Before_CredentialThatCannot_GoesWithoutTheProof() => Of("read only").Before(Credential.All[^1]).Should().Be(new Layers { ReadOnly = false, Attestation = false });

    [Theory]
    [InlineData("the parse gate", "dml", "delete from shop.orders", true)]
    [InlineData("the parse gate", "dos_cpu", "select 1", true)]
    [InlineData("the parse gate", "dos_memory", "select repeat('x', 1000000000)", false)]
    [InlineData("read only", "dos_memory", "select repeat('x', 1000000000)", true)]
    [InlineData("read only", "info", "select * from pg_authid", false)]
    [InlineData("text caps", "benign", "SHOW server_version", false)]
    [InlineData("text caps", "benign", "select 'show'", true)]
    [InlineData("text caps", "dml", "explain analyze delete from shop.orders", true)]
    [InlineData("read only", "benign", "SHOW server_version", true)]
    public void Concerns_Entry_WhatTheOthersAreToHold(string removal, string category, string sql, bool concerned) =>
        Of(removal).Concerns(new Entry("e", category, sql, "")).Should().Be(concerned);

    [Theory]
    [InlineData("text caps", nameof(Sense.Locks), "relation RowExclusiveLock on 1, relation RowShareLock on 2", true)]
    [InlineData("text caps", nameof(Sense.Locks), "relation RowExclusiveLock on 1, relation AccessExclusiveLock on 2", false)]
    [InlineData("text caps", nameof(Sense.Locks), "relation RowExclusiveLock on 1, transactionid ExclusiveLock", false)]
    [InlineData("text caps", nameof(Sense.Locks), "relation RowExclusiveLock on 1 (waiting)", false)]
    [InlineData("text caps", nameof(Sense.State), "relation RowExclusiveLock on 1", false)]
    [InlineData("read only", nameof(Sense.Locks), "relation RowExclusiveLock on 1", false)]
    public void Bears_Sighting_OnlyWhatTheLayerAlonePrevents(string removal, string sense, string what, bool borne) =>
        Of(removal).Bears(new Sighting(Enum.Parse<Sense>(sense), what)).Should().Be(borne);

    private static Removal Of(string name) => Removal.All.Single(removal => removal.Name == name);

    private static string Gone(Layers left) => typeof(Layers).GetProperties().Single(property => property.PropertyType == typeof(bool) && property.GetValue(left) is false).Name;
}
