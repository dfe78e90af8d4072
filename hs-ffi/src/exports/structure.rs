//! Questions about a network and several maps: one function an analysis, all of one shape.

use std::ffi::c_char;

use hs_core::analyses::domino::{
    Attribution, Blocks, Chains, Clusters, ExpertRootCauses, ImpactDiffusion, Indices, Influence, Intersections, Loops, RenewalRates,
    Roles, RootCauses, TotalEffects,
};
use hs_core::analyses::voices::{CompareMaps, PoolLinkages};

use super::types::{hs_assessment, hs_error, hs_network, hs_result};
use crate::boundary::{Handle, make, open_all, read_settings, ticks};
use crate::status::hs_status;

/// How much does each threat feed each other, by all paths together? Gives the array matrix: a row is from, a column is to.
///
/// settings: TotalEffects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_total_effects(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<TotalEffects>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Which threats lie upstream of most harm?
///
/// settings: RootCauses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_root_causes(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<RootCauses>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// How much does each threat push the others, directly and at second hand?
///
/// settings: Influence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_influence(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Influence>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Which threats drive the system, and which depend on it?
///
/// settings: Roles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_roles(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Roles>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// What kind of map is this, and which node plays which part in it?
///
/// settings: Indices.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_indices(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Indices>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Which loops keep a situation going, and which hold it back?
///
/// settings: Loops.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_loops(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Loops>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// By which pathways does one threat reach another?
///
/// settings: Chains, in which source and target are wanted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_chains(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Chains>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Which threats belong together, and how surely?
///
/// settings: Clusters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_clusters(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Clusters>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// How much of a threat's level does each upstream source explain?
///
/// settings: Attribution, in which node is wanted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_attribution(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Attribution>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Which components, places or threats feed which? Gives the array matrix: a row is from, a column is to.
///
/// settings: Blocks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_blocks(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Blocks>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// How far can the fall of one node travel, and who spreads it? Gives the arrays impact and communicability.
///
/// settings: ImpactDiffusion.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_impact_diffusion(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<ImpactDiffusion>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// How fast do threats begin, spread and end, judging by what happened?
///
/// settings: RenewalRates, in which events or a horizon is wanted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_renewal_rates(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<RenewalRates>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Where do threats, vulnerabilities and capacities meet?
///
/// settings: Intersections.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_intersections(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Intersections>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Which threats lie upstream of most harm, and how far do experts differ? One network an expert.
///
/// settings: ExpertRootCauses. networks are count handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_expert_root_causes(
    networks: *const hs_network,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let opened = open_all(networks, count, "networks")?;
        let networks: Vec<_> = opened.iter().map(|one| &***one).collect();
        read_settings::<ExpertRootCauses>(settings, length)?.run_with(&networks, &ticks(&opened))?.outcome()
    })
}

/// What do several maps together say of each link, and where do they contradict each other?
///
/// settings: PoolLinkages. networks are count handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_pool_linkages(
    networks: *const hs_network,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let opened = open_all(networks, count, "networks")?;
        let networks: Vec<_> = opened.iter().map(|one| &***one).collect();
        read_settings::<PoolLinkages>(settings, length)?.run(&networks)?.outcome()
    })
}

/// What do the linkages of several assessments together say, and where do they contradict each other?
///
/// settings: PoolLinkages. assessments are count handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_pool_linkages_of_assessments(
    assessments: *const hs_assessment,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let opened = open_all(assessments, count, "assessments")?;
        let assessments: Vec<_> = opened.iter().map(|one| &***one).collect();
        read_settings::<PoolLinkages>(settings, length)?.run_assessments(&assessments)?.outcome()
    })
}

/// How far do several maps agree, and which links do they dispute?
///
/// settings: CompareMaps. networks are count handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_compare_maps(
    networks: *const hs_network,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let opened = open_all(networks, count, "networks")?;
        let networks: Vec<_> = opened.iter().map(|one| &***one).collect();
        read_settings::<CompareMaps>(settings, length)?.run(&networks)?.outcome()
    })
}

/// How far do several assessments, or the stakeholders of one, agree on what feeds what?
///
/// settings: CompareMaps. assessments are count handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_compare_maps_of_assessments(
    assessments: *const hs_assessment,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let opened = open_all(assessments, count, "assessments")?;
        let assessments: Vec<_> = opened.iter().map(|one| &***one).collect();
        read_settings::<CompareMaps>(settings, length)?.run_assessments(&assessments)?.outcome()
    })
}
