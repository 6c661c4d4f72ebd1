//! Maps, which are passed as lists of keys with values. Of two entries with the same key, the later one remains.

use super::flat::Pair;
use super::text::flat_pair;
use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck};
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::Lifter;
use crate::memory::GuestMemory;
use crate::trap::{Region, Trap};
use crate::types::ValType;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

/// The form of an entry: a tuple.
const fn entry<K: ComponentType, V: ComponentType>() -> Form {
    <(K, V)>::FORM
}

fn typecheck<K: ComponentType, V: ComponentType>(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
    let ValType::Map(index) = ty else {
        return Err(types.mismatch("map", ty));
    };
    let map = &types.types[index];
    types.element::<K>(map.key.ty)?;
    types.element::<V>(map.value.ty)
}

/// The entries. The type of a map has the parts that an entry has, so it stands for the type of one.
fn entries<K: Lift, V: Lift, M, H>(
    cx: &mut Lifter<'_, M, H>,
    ty: Ty<'_>,
    (pointer, length): (u64, u64),
) -> Result<Vec<(K, V)>, Trap>
where
    M: GuestMemory + ?Sized,
    H: Handles + ?Sized,
{
    let form = entry::<K, V>();
    let (size, align) = (form.size(cx.options.width), form.align(cx.options.width));
    let bytes = cx.region(Region::Map, pointer, length, size, align)?;
    <(K, V)>::load_list(cx, ty, bytes, length as usize)
}

/// Stores the entries in memory that the guest allocates, and gives the pointer and the length.
async fn store_entries<'m, K, V, G>(
    entries: impl ExactSizeIterator<Item = (&'m K, &'m V)> + Send,
    cx: &mut Lowerer<'_, G>,
    ty: Ty<'_>,
) -> Result<(u64, u64), G::Error>
where
    K: Lower + 'm,
    V: Lower + 'm,
    G: Guest,
{
    let (count, form) = (entries.len(), entry::<K, V>());
    let (size, align) = (form.size(cx.options.width), form.align(cx.options.width));
    let bytes = Region::Map.bytes(count as u64, size)?;
    let pointer = cx.allocate(align, bytes).await?;
    let mut address = pointer;
    for entry in entries {
        entry.store(cx, ty, address).await?;
        address += u64::from(size);
    }
    Ok((pointer, count as u64))
}

macro_rules! maps {
    ($([$($generic:tt)*] $map:ty, [$($lift:tt)*], [$($lower:tt)*];)*) => {$(
        impl<K: ComponentType, V: ComponentType, $($generic)*> ComponentType for $map {
            const FORM: Form = Form::pair(entry::<K, V>());
            type Flat = Pair;

            fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
                typecheck::<K, V>(ty, types)
            }
        }

        impl<K: Lift + $($lift)*, V: Lift, $($generic)*> Lift for $map
        where
            Self: FromIterator<(K, V)> + Send,
        {
            fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let pair = cx.flat_pair(flat)?;
                Ok(entries::<K, V, M, H>(cx, ty, pair)?.into_iter().collect())
            }

            fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let pair = cx.pair(bytes)?;
                Ok(entries::<K, V, M, H>(cx, ty, pair)?.into_iter().collect())
            }
        }

        impl<K: Lower + $($lower)*, V: Lower, $($generic)*> Lower for $map
        where
            Self: Send + Sync,
        {
            async fn lower<G: Guest>(
                &self,
                cx: &mut Lowerer<'_, G>,
                ty: Ty<'_>,
                flat: &mut [u64],
            ) -> Result<(), G::Error> {
                let pair = store_entries(self.iter(), cx, ty).await?;
                Ok(flat_pair(pair, flat)?)
            }

            async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
                let pair = store_entries(self.iter(), cx, ty).await?;
                cx.store_pair(pair, address)
            }
        }
    )*};
}

maps! {
    [S: BuildHasher + Default] HashMap<K, V, S>, [Eq + Hash], [Eq + Hash];
    [] BTreeMap<K, V>, [Ord], [Ord];
}
